//! [`Tensor`]: a shape and its f32 values, row-major.
//!
//! Invariant: the value count is the product of the shape. Deliberately lacks arithmetic.

/// The values given do not fill the stated shape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{values} values do not fill the shape {shape:?}")]
pub struct TensorShapeError {
    shape: Vec<usize>,
    values: usize,
}

/// Dense f32 values, row-major.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    shape: Vec<usize>,
    values: Vec<f32>,
}

impl Tensor {
    /// Takes as many values as the shape asks for.
    pub fn new(shape: &[usize], values: Vec<f32>) -> Result<Self, TensorShapeError> {
        if shape.iter().product::<usize>() != values.len() {
            return Err(TensorShapeError { shape: shape.to_vec(), values: values.len() });
        }
        Ok(Self { shape: shape.to_vec(), values })
    }

    /// The size of each dimension.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// All values, last dimension fastest.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// All values, taken out.
    #[must_use]
    pub fn into_values(self) -> Vec<f32> {
        self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_must_fill_the_shape() {
        assert!(Tensor::new(&[2, 3], vec![0.0; 6]).is_ok());
        assert!(Tensor::new(&[2, 3], vec![0.0; 5]).is_err());
    }
}
