/**
 * What CUDA needs here, as PyPI carries it, each with the hash of the file that was looked at: NVIDIA's libraries for CUDA 13, from
 * NVIDIA's own uploads and under NVIDIA's licence, and ONNX Runtime's provider (MIT), from the wheel of the same version as
 * onnxruntime-node. These versions computed the reference checkpoints together on an H100 with driver 580.
 */

export interface LibraryPackage {
  readonly name: string
  readonly version: string
  readonly url: string
  readonly sha256: string
  /** Files to take; every library of the package where null. */
  readonly only: readonly string[] | null
  /** A file of it: where that is, nothing needs to be fetched. */
  readonly landmark: string
}

const host = 'https://files.pythonhosted.org/packages'

/** First driver that CUDA 13 works with. */
export const oldestDriver = 580

/** Goes beside ONNX Runtime's own library, where it looks for providers. */
export const providerPackage: LibraryPackage = {
  name: 'onnxruntime-gpu',
  version: '1.30.0',
  url: `${host}/9e/80/d96143329dbe925d434b016c890a5caa785fac8e14a1570e5d6818b63545/onnxruntime_gpu-1.30.0-cp312-cp312-manylinux_2_28_x86_64.whl`,
  sha256: '6acc0f4b3d5ac5f2984432faa59dd8fcce6775f8b43a7140afa0f322c7a703b1',
  only: ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'],
  landmark: 'libonnxruntime_providers_cuda.so',
}

export const cudaPackages: readonly LibraryPackage[] = [
  {
    name: 'nvidia-cuda-runtime',
    version: '13.0.96',
    url: `${host}/2e/24/d1558f3b68b1d26e706813b1d10aa1d785e4698c425af8db8edc3dced472/nvidia_cuda_runtime-13.0.96-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl`,
    sha256: '7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548',
    only: null,
    landmark: 'libcudart.so.13',
  },
  {
    name: 'nvidia-cublas',
    version: '13.1.0.3',
    url: `${host}/e7/44/423ac00af4dd95a5aeb27207e2c0d9b7118702149bf4704c3ddb55bb7429/nvidia_cublas-13.1.0.3-py3-none-manylinux_2_27_x86_64.whl`,
    sha256: 'ee8722c1f0145ab246bccb9e452153b5e0515fd094c3678df50b2a0888b8b171',
    only: null,
    landmark: 'libcublas.so.13',
  },
  {
    name: 'nvidia-curand',
    version: '10.4.0.35',
    url: `${host}/a5/9f/be0a41ca4a4917abf5cb9ae0daff1a6060cc5de950aec0396de9f3b52bc5/nvidia_curand-10.4.0.35-py3-none-manylinux_2_27_x86_64.whl`,
    sha256: '1aee33a5da6e1db083fe2b90082def8915f30f3248d5896bcec36a579d941bfc',
    only: null,
    landmark: 'libcurand.so.10',
  },
  {
    name: 'nvidia-cuda-nvrtc',
    version: '13.0.88',
    url: `${host}/c3/68/483a78f5e8f31b08fb1bb671559968c0ca3a065ac7acabfc7cee55214fd6/nvidia_cuda_nvrtc-13.0.88-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl`,
    sha256: 'ad9b6d2ead2435f11cbb6868809d2adeeee302e9bb94bcf0539c7a40d80e8575',
    only: null,
    landmark: 'libnvrtc.so.13',
  },
  {
    name: 'nvidia-cudnn-cu13',
    version: '9.19.0.56',
    url: `${host}/a3/22/0b4b932655d17a6da1b92fa92ab12844b053bb2ac2475e179ba6f043da1e/nvidia_cudnn_cu13-9.19.0.56-py3-none-manylinux_2_27_x86_64.whl`,
    sha256: 'd20e1734305e9d68889a96e3f35094d733ff1f83932ebe462753973e53a572bf',
    only: null,
    landmark: 'libcudnn.so.9',
  },
]
